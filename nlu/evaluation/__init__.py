"""How well the model understands, how sure it may be, and how fast it is: `make nlu-report`."""
