"""The user guide in Indonesian: written as Markdown beside this file, shown offline by every page and command."""
