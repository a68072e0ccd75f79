# The front-end libraries that pages ask for; no build step.
FROM node:20-bookworm-slim AS front
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM python:3.11-slim-bookworm
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 STATIC_ROOT=/app/staticfiles HOST=0.0.0.0 PORT=8000
WORKDIR /app
COPY requirements.txt ./
RUN pip install --no-cache-dir --require-hashes --no-deps -r requirements.txt
COPY --from=front /app/node_modules ./node_modules
COPY . .
# Settings refuse to load without their variables; these are for this one command and hold no secret.
RUN env SECRET_KEY=build SEAL_KEYS=build:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= SEAL_INDEX_KEY=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= \
      DATABASE_URL=postgresql:///build REDIS_URL=redis://build \
      python manage.py collectstatic --noinput \
    && useradd --system --uid 10001 --home-dir /var/lib/rehab --create-home rehab
USER 10001
EXPOSE 8000
CMD ["python", "-m", "rehab.serve", "web"]
