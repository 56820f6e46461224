#!/bin/sh
# macOS membuka berkas .command dengan klik dua kali; isinya sama dengan di Linux.
exec sh "$(dirname -- "$0")/meja-netral.sh" "$@"
