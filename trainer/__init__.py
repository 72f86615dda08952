"""Training from a bundle: imitation of demonstrations, then reinforcement under the curriculum.

    from nexlang.trainer.run import train
    train("build/desk", "runs/first", steps=20, seed=0)

`train` reads a bundle and its `train` block, moves the weights of a causal language model and writes a folder:
`model/` (as `save_pretrained` writes it), `metrics.jsonl`, `run.json`, and while it runs `checkpoints/`, from which a
run that was interrupted goes on with the same result as one that was not. Nothing here imports torch before it is
needed.
"""
