"""What `./run` does: set up the checkout, start the servers and processes of the demonstration, watch and stop them.

Standard library only and no import of Django or of ours: these modules run on the machine's own Python before anything is
installed. The exceptions are `database.py` and `given.py`, which the environment's Python runs as programs.
"""
