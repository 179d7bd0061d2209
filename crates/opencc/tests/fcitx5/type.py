"""Types into a running fcitx5: type.py LETTERS. Prints what it commits, and the library of opencc that it has loaded."""

import sys
import time

import dbus
import dbus.mainloop.glib
from gi.repository import GLib

NAME = "org.fcitx.Fcitx5"

dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
bus = dbus.SessionBus()
started = time.monotonic()
while not bus.name_has_owner(NAME):
    if time.monotonic() - started > 30:
        sys.exit("fcitx5 is not on the bus after 30 seconds")
    time.sleep(0.1)

methods = dbus.Interface(bus.get_object(NAME, "/org/freedesktop/portal/inputmethod"), "org.fcitx.Fcitx.InputMethod1")
path, _ = methods.CreateInputContext([("program", "check")])
context = dbus.Interface(bus.get_object(NAME, path), "org.fcitx.Fcitx.InputContext1")
loop = GLib.MainLoop()


def committed(text):
    process = bus.get_name_owner(NAME)
    process = dbus.Interface(bus.get_object("org.freedesktop.DBus", "/"), "org.freedesktop.DBus").GetConnectionUnixProcessID(process)
    with open(f"/proc/{process}/maps") as maps:
        print(text, *sorted({line.split()[-1] for line in maps if "libopencc" in line}))
    loop.quit()


context.connect_to_signal("CommitString", committed)
context.FocusIn()
# A space chooses the first candidate.
for letter in sys.argv[1] + " ":
    context.ProcessKeyEvent(dbus.UInt32(ord(letter)), dbus.UInt32(0), dbus.UInt32(0), False, dbus.UInt32(0))
GLib.timeout_add(30_000, loop.quit)
loop.run()
