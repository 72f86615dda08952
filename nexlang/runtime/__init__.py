"""Agents at run time: transcripts, model clients, the tool-calling loop, the chat rendering."""
