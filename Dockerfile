# An office server for the desk. Written with care, but never built by the tests of this project.
#   docker build -t netral .
#   docker run -d -p 8443:8443 -e NETRAL_NAME=server-kantor \
#     -v netral-cases:/perkara -v netral-model:/home/netral/.local/share netral
# where server-kantor is the name, or the address, by which the office finds this machine: a container cannot know it, and
# without it the desk says so and stops. The port is the same within and without. The first way in: docker logs
FROM python:3.13-slim AS build
WORKDIR /src
COPY pyproject.toml hatch_build.py README.md LICENSE ./
COPY src src
COPY data data
RUN pip install --no-cache-dir build && python -m build --wheel --outdir /wheels .

FROM python:3.13-slim
# nobody else's rights: the desk needs no root, and writes nowhere but in its two volumes
RUN useradd --create-home --uid 10001 netral \
 && mkdir -p /perkara /home/netral/.local/share && chown -R netral /perkara /home/netral
COPY --from=build /wheels /wheels
RUN pip install --no-cache-dir "$(ls /wheels/*.whl)[desk]" trustme && rm -rf /wheels
USER netral
ENV PYTHONUTF8=1 OMP_NUM_THREADS=1
# the first score trains the shipped model, once: it is kept here
VOLUME ["/perkara", "/home/netral/.local/share"]
EXPOSE 8443
# --lan opens the desk to the office on purpose; what follows the image's name in docker run is added
ENTRYPOINT ["sh", "-c", "exec netral desk /perkara --lan --port 8443 --no-browser ${NETRAL_NAME:+--name \"$NETRAL_NAME\"} \"$@\"", "netral"]
