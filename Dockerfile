# Stage 1: the environment, every package checked against the lock's hashes, and the compiled dataset.
FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_ROOT_USER_ACTION=ignore
# Without pip: the environment is filled from outside, and the image cannot install anything later.
RUN python -m venv --without-pip /opt/lexcompare
WORKDIR /src
COPY requirements.lock requirements-build.lock ./
RUN python -m pip --python /opt/lexcompare/bin/python install \
        --require-hashes --only-binary :all: --requirement requirements.lock \
    && python -m pip install --require-hashes --only-binary :all: --requirement requirements-build.lock
COPY . .
RUN python -m pip wheel --no-deps --no-build-isolation --wheel-dir /wheels . \
    && python -m pip --python /opt/lexcompare/bin/python install --no-deps --no-index /wheels/*.whl
# From another directory, so that the installed package is what compiles, not the source beside it.
WORKDIR /srv/lexcompare
ENV LEXCOMPARE_FOLDER=/srv/lexcompare
RUN /opt/lexcompare/bin/lexcompare seed files

# Stage 2: only the environment and the dataset. At run time only XLSX and Parquet are written before
# they are sent, into memory (/dev/shm, writable in every container), so it can run with
# docker run --read-only.
FROM python:3.13-slim
RUN useradd --system --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin lexcompare
COPY --from=build /opt/lexcompare /opt/lexcompare
COPY --from=build /srv/lexcompare /srv/lexcompare
ENV PATH=/opt/lexcompare/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    TMPDIR=/dev/shm \
    LEXCOMPARE_FOLDER=/srv/lexcompare \
    LEXCOMPARE_HOST=0.0.0.0 \
    LEXCOMPARE_PORT=8000
WORKDIR /srv/lexcompare
USER 10001:10001
EXPOSE 8000
# http.client ignores proxy variables, which urllib would obey.
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s --retries=3 \
    CMD ["python", "-c", "import http.client, os, sys; c = http.client.HTTPConnection('127.0.0.1', int(os.environ['LEXCOMPARE_PORT']), timeout=4); c.request('GET', '/healthz'); sys.exit(c.getresponse().status != 200)"]
# Exec form: the server is process 1 and gets the stop signal itself.
CMD ["lexcompare", "serve"]
