"""The command line: `motcua …`."""
