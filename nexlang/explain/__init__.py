"""What people read about a program: explanations, documentation, graphs, what a change breaks. From its IR."""
