/** Whose submissions are in the database? A worker signed in as another partner must not touch them. */
import type { PartnerCenterOptions } from '@devicebatch/client'
import { defaultScope, isGuid, resolveBaseUrl } from '@devicebatch/edge/internal'

import type { Database } from '../database/open-database.ts'
import { DatabaseError } from '../errors.ts'

/** Makes the database this partner's, if it is nobody's yet. Rejects with `DatabaseError` when it belongs to another one. */
export async function agreeOnPartner(
  { kysely, schema }: Pick<Database, 'kysely' | 'schema'>,
  partner: PartnerCenterOptions,
): Promise<void> {
  // Without a sign-in nothing is sent, and with a token that names no tenant nothing can be compared.
  const tenant = await findTenant(partner).catch(() => undefined)
  if (tenant === undefined) return
  await kysely
    .insertInto('partner')
    .values({ tenant_id: tenant })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute()
  const { tenant_id: owner } = await kysely
    .selectFrom('partner')
    .select('tenant_id')
    .executeTakeFirstOrThrow()
  if (owner === tenant) return
  throw new DatabaseError(
    'other-partner',
    `The schema ${schema} belongs to the partner with the tenant ${owner}, and this worker is signed in to ${tenant}. Nothing was ` +
      "sent. Sign in to that tenant, or give this partner a schema of its own, such as schema: 'devicebatch_contoso'.",
  )
}

/** The tenant that the access token is for; `undefined` when the token does not tell. */
async function findTenant(partner: PartnerCenterOptions): Promise<string | undefined> {
  const { credential, scopes = defaultScope(resolveBaseUrl(partner)) } = partner
  const token =
    typeof credential === 'function' ? await credential({}) : (await credential.getToken(scopes))?.token
  const [, payload = ''] = String(token).split('.')
  const { tid } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { tid?: unknown }
  return typeof tid === 'string' && isGuid(tid) ? tid.toLowerCase() : undefined
}
