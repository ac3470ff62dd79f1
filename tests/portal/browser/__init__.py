"""The portal in a real browser: a process of its own, mail in a real catcher, phones and desktops."""
