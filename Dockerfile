# The production image: hash-checked packages, compiled messages and static files; serves as a user without rights.
FROM python:3.11-slim AS packages
COPY requirements/base.txt /
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /base.txt

FROM python:3.11-slim
ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=cpc.settings \
    ALIANZA_DATA=/data
RUN useradd --system --uid 10001 --no-create-home --home-dir /nonexistent alianza \
 && install --directory --owner alianza --mode 0700 /data
WORKDIR /app
COPY --from=packages /venv /venv
COPY . .
# The key is needed to start, signs nothing here, and is gone with the command.
RUN chmod -R a+rX /app \
 && python -m compileall -q /app \
 && python -m babel.messages.frontend -q compile -d locale -D django \
 && SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(48))')" ALLOWED_HOSTS=localhost \
    python manage.py collectstatic --no-input --verbosity 0
USER alianza
EXPOSE 8000
CMD ["gunicorn", "cpc.wsgi:application", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", \
     "--threads", "4", "--worker-tmp-dir", "/dev/shm", "--no-control-socket", "--access-logfile", "-", \
     "--logger-class", "cpc.core.access_log.AccessLogger"]
