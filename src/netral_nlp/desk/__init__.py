"""The whole work in a browser: cases in a folder, from an upload to scores, review, report, dossier and files."""
