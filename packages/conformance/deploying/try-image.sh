#!/usr/bin/env bash
# Builds the image from the folder `tarballs` of this clone, and runs it with PostgreSQL and the emulator, as docs/deploying.md says.
# For the workflows: it overwrites settings.env and secrets/.
set -euo pipefail
cd "$(dirname "$0")/../../../apps/dashboard/deploy"

docker build --check --file Dockerfile ../../../tarballs
docker build --file Dockerfile --tag devicebatch-dashboard:local ../../../tarballs

mkdir -p secrets
openssl rand -hex 16 > secrets/database-password
echo "postgres://devicebatch:$(cat secrets/database-password)@database/devicebatch" > secrets/database-url
openssl rand -hex 20 > secrets/dashboard-token
echo emulator-secret > secrets/client-secret
chmod 700 secrets
chmod 444 secrets/*
cat > settings.env <<'END'
DEVICEBATCH_TENANT_ID=11111111-1111-4111-8111-111111111111
DEVICEBATCH_CLIENT_ID=22222222-2222-4222-8222-222222222222
DEVICEBATCH_AUTHORITY_HOST=http://127.0.0.1:7810
DEVICEBATCH_BASE_URL=http://127.0.0.1:7810/v1
END

trap 'docker compose --profile emulator logs; docker compose --profile emulator down --volumes' EXIT
docker compose config --quiet
DEVICEBATCH_WORKER=yes docker compose up --detach dashboard emulator
curl --silent --show-error --fail --retry 30 --retry-all-errors --retry-delay 2 http://127.0.0.1:7820/readyz
test "$(docker compose exec dashboard id --user --name)" = node
