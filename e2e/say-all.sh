#!/bin/bash
# Playwright hands on what a program says only once it is connected; tests need all of it from the
# start. `exec` keeps the process id, so that a signal to it or its group reaches the program.
exec "$FRESHLANE_PROGRAM" "$@" \
  > >(exec tee "$FRESHLANE_SAID/stdout") \
  2> >(exec tee "$FRESHLANE_SAID/stderr" >&2)
