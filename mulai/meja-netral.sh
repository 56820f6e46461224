#!/bin/sh
# Klik dua kali: memasang netral-nlp di folder ini (sekali saja), lalu membuka meja kerja di peramban.
# Perkara disimpan di folder "perkara" di sebelahnya. Tutup jendela ini atau tekan Ctrl+C untuk berhenti; tidak ada yang hilang.
set -u
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd) || exit 1
home=$(dirname -- "$here")
venv=$home/.venv
export PYTHONUTF8=1

fail() {
  printf '\n%s\n' "$1" >&2
  if [ -t 0 ]; then
    printf 'Tekan Enter untuk menutup jendela ini. ' >&2
    read -r _ || true
  fi
  exit 1
}

ready() {
  [ -x "$venv/bin/netral" ] && "$venv/bin/python" -c 'import netral_nlp, fastapi, uvicorn, jinja2, python_multipart' 2> /dev/null
}

install() {
  python=
  for one in python3 python3.14 python3.13 python3.12 python3.11 python; do
    if "$one" -c 'import sys; raise SystemExit(sys.version_info < (3, 11))' 2> /dev/null; then
      python=$one
      break
    fi
  done
  [ -n "$python" ] || fail 'Python 3.11 atau lebih baru belum terpasang. Pasanglah dari python.org atau dari pengelola paket sistem ini.'
  echo 'Memasang, sekali saja; beberapa menit ...'
  "$python" -m venv "$venv" || fail 'Lingkungan Python tidak dapat dibuat. Di Debian atau Ubuntu pasang dahulu paket python3-venv.'
  if [ -f "$home/pyproject.toml" ]; then
    what=$home[desk]
  else
    what='netral-nlp[desk]'
  fi
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$what" || fail 'Pemasangan belum berhasil. Periksa sambungan internet, lalu klik dua kali sekali lagi.'
}

ready || install
"$venv/bin/netral" desk "$home/perkara" "$@"
code=$?
[ "$code" = 0 ] || [ "$code" = 130 ] || fail 'Meja kerja berhenti karena kesalahan. Baca pesan di atas.' # 130: Ctrl+C
