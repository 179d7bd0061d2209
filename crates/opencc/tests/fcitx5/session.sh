#!/bin/sh
# Runs fcitx5 without a display on the bus of this session, types LETTERS into it, and ends it: session.sh LETTERS
set -eu
here=$(dirname "$0")
fcitx5 --disable=wayland,xcb,classicui,kimpanel,notificationitem >"$HOME/fcitx5.log" 2>&1 &
process=$!
trap 'kill "$process"' EXIT
/usr/bin/python3 "$here/type.py" "$1"
