"""The engine alone as a server process: real sockets, real log, no site around it. It starts in half a
second, so that tests can kill it twenty times."""
