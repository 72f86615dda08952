"""Who answers an agent's asks: a script, a server, or a model in this process. Each client is a module of its own."""
