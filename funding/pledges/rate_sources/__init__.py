"""Where exchange rates come from: the two publishers with a public interface, what is asked of them, and the line to them.

Parsing is pure: the text of an answer in, lines out. What does not look as documented is refused whole; nothing is guessed.
"""
