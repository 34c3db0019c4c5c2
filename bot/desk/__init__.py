"""The officers' web desk: server-rendered pages that also work without JavaScript."""
