@echo off
rem Klik dua kali: memasang netral-nlp di folder ini (sekali saja), lalu membuka meja kerja di peramban.
rem Perkara disimpan di folder "perkara". Tutup jendela ini atau tekan Ctrl+C untuk berhenti; tidak ada yang hilang.
setlocal
set PYTHONUTF8=1
cd /d "%~dp0.."
if not exist ".venv\Scripts\netral.exe" goto pasang
".venv\Scripts\python.exe" -c "import netral_nlp, fastapi, uvicorn, jinja2, python_multipart" 2> nul || goto pasang
goto buka
:pasang
echo Memasang, sekali saja; beberapa menit ...
set "PYTHON=py"
where py > nul 2> nul || set "PYTHON=python"
%PYTHON% -c "import sys; raise SystemExit(sys.version_info < (3, 11))" || goto gagal
%PYTHON% -m venv .venv || goto gagal
set "APA=netral-nlp[desk]"
if exist "pyproject.toml" set "APA=.[desk]"
".venv\Scripts\python.exe" -m pip install --quiet --disable-pip-version-check "%APA%" || goto gagal
:buka
".venv\Scripts\netral.exe" desk perkara %*
rem 130: dihentikan dengan Ctrl+C
if errorlevel 131 goto gagal
if errorlevel 130 exit /b 0
if errorlevel 1 goto gagal
exit /b 0
:gagal
echo.
echo Belum berhasil. Baca pesan di atas; Python 3.11 atau lebih baru harus terpasang.
pause
exit /b 1
