#!/usr/bin/env python3
"""Drops files on a window, as a file manager does: a source of XDND version 5, with the pointer where
the files are.

usage: xdnd.py [--hold SECONDS] WINDOW X Y FILE...      (needs python3-xlib)
With --hold the files hover for so long before they are dropped.
Exit status 0 when the window took the drop.
"""

import sys
import time
from pathlib import Path

from Xlib import X, Xatom, display
from Xlib.protocol import event


def main() -> int:
    arguments = sys.argv[1:]
    hold = 0.0
    if arguments[0] == "--hold":
        hold = float(arguments[1])
        arguments = arguments[2:]
    window, x, y = (int(text, 0) for text in arguments[:3])
    uris = "".join(Path(path).absolute().as_uri() + "\r\n" for path in arguments[3:])

    screen_of = display.Display()
    root = screen_of.screen().root
    target = screen_of.create_resource_object("window", window)
    source = root.create_window(0, 0, 1, 1, 0, X.CopyFromParent)

    def atom(name: str) -> int:
        return screen_of.intern_atom(name)

    if target.get_full_property(atom("XdndAware"), Xatom.ATOM) is None:
        print("the window takes no drops", file=sys.stderr)
        return 1

    at = target.translate_coords(root, 0, 0)
    root_x, root_y = -at.x + x, -at.y + y
    root.warp_pointer(root_x, root_y)
    source.set_selection_owner(atom("XdndSelection"), X.CurrentTime)

    def tell(kind: str, *numbers: int) -> None:
        data = ([source.id, *numbers] + [0] * 5)[:5]
        message = event.ClientMessage(
            window=target, client_type=atom(kind), data=(32, data)
        )
        target.send_event(message)
        screen_of.flush()

    uri_list = atom("text/uri-list")

    def wait_for(kind: str, patience: float = 60.0):
        """Answers requests for the files until the message comes."""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            if not screen_of.pending_events():
                time.sleep(0.01)
                continue
            got = screen_of.next_event()
            if got.type == X.SelectionRequest:
                wanted = got.target in (uri_list, atom("TARGETS"))
                if got.target == uri_list:
                    got.requestor.change_property(
                        got.property, got.target, 8, uris.encode()
                    )
                elif wanted:
                    got.requestor.change_property(
                        got.property, Xatom.ATOM, 32, [uri_list]
                    )
                answer = event.SelectionNotify(
                    time=got.time,
                    requestor=got.requestor,
                    selection=got.selection,
                    target=got.target,
                    property=got.property if wanted else X.NONE,
                )
                got.requestor.send_event(answer)
                screen_of.flush()
            elif got.type == X.ClientMessage and got.client_type == atom(kind):
                return got.data[1]
        return None

    tell("XdndEnter", 5 << 24, uri_list)
    tell("XdndPosition", 0, root_x << 16 | root_y, X.CurrentTime, atom("XdndActionCopy"))
    status = wait_for("XdndStatus")
    if status is None or not status[1] & 1:
        print("the window refused the drop", file=sys.stderr)
        return 1
    if hold:
        wait_for("XdndStatus", hold)
        time.sleep(hold)
    tell("XdndDrop", 0, X.CurrentTime)
    if wait_for("XdndFinished") is None:
        print("the window never finished the drop", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
