@echo off
rem Klik dua kali: memasang netral-nlp di folder ini, lalu menilai unggahan contoh.
rem Seret berkas unggahan ke atas berkas ini: menilainya dengan daftar.toml atau daftar.xlsx dari folder ini.
setlocal
set PYTHONUTF8=1
cd /d "%~dp0"
if exist ".venv\Scripts\netral.exe" goto nilai
echo Memasang, sekali saja; beberapa menit ...
set "PYTHON=py"
where py > nul 2> nul || set "PYTHON=python"
%PYTHON% -c "import sys; raise SystemExit(sys.version_info < (3, 11))" || goto gagal
%PYTHON% -m venv .venv || goto gagal
".venv\Scripts\python.exe" -m pip install --quiet --disable-pip-version-check ".[review]" || goto gagal
:nilai
set "UNGGAHAN=data\samples\unggahan.csv"
set "DAFTAR=data\rosters\kota-samudra-2024.toml"
set "HASIL=contoh-hasil"
if not "%~1"=="" (
  set "UNGGAHAN=%~1"
  set "HASIL=%~dpn1-hasil"
  set "DAFTAR=daftar.toml"
  if not exist "daftar.toml" set "DAFTAR=daftar.xlsx"
)
".venv\Scripts\netral.exe" score "%UNGGAHAN%" --roster "%DAFTAR%" -o "%HASIL%.xlsx"
rem 5: selesai, tetapi ada baris yang ditolak
if errorlevel 6 goto gagal
if errorlevel 5 goto laporan
if errorlevel 1 goto gagal
:laporan
".venv\Scripts\netral.exe" report "%HASIL%.xlsx" -o "%HASIL%.html" || goto gagal
start "" "%HASIL%.html"
pause
exit /b 0
:gagal
echo.
echo Belum berhasil. Baca pesan di atas; Python 3.11 atau lebih baru harus terpasang.
pause
exit /b 1
