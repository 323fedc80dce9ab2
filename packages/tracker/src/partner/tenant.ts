/** Whose submissions are in the database? Nothing is sent with a token of another partner. */
import type { PartnerCenterOptions } from '@devicebatch/client'
import { defaultScope, isGuid, resolveBaseUrl } from '@devicebatch/edge/internal'

import { withDatabaseErrors } from '../database/describe-error.ts'
import type { Database } from '../database/open-database.ts'
import { DatabaseError } from '../errors.ts'

type Credential = PartnerCenterOptions['credential']

/**
 * The same credential. Its first token makes the database that partner's, if it is nobody's yet; a token of another partner is
 * refused with a `DatabaseError`, whenever it comes.
 */
export function guardCredential(database: Database, credential: Credential): Credential {
  let agreed: string | undefined
  const { check } = withDatabaseErrors({
    check: async (token: string | undefined): Promise<void> => {
      const tenant = tenantOf(token)
      // A token that names no tenant cannot be compared.
      if (tenant === undefined || tenant === agreed) return
      await agreeOnTenant(database, tenant)
      agreed = tenant
    },
  })
  if (typeof credential === 'function') {
    return async (options) => {
      const token = await credential(options)
      await check(token)
      return token
    }
  }
  return {
    async getToken(scopes, options) {
      const token = await credential.getToken(scopes, options)
      await check(token?.token)
      return token
    },
  }
}

/** Refuses a worker that is signed in as another partner before it begins; one that cannot sign in yet may start. */
export async function refuseOtherPartner(partner: PartnerCenterOptions): Promise<void> {
  const { credential, scopes = defaultScope(resolveBaseUrl(partner)) } = partner
  try {
    await (typeof credential === 'function' ? credential({}) : credential.getToken(scopes))
  } catch (error) {
    if (error instanceof DatabaseError) throw error
  }
}

async function agreeOnTenant({ kysely, schema }: Database, tenant: string): Promise<void> {
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

/** The tenant that an access token is for; `undefined` when the token does not tell. */
function tenantOf(token: unknown): string | undefined {
  const [, payload = ''] = String(token).split('.')
  try {
    const { tid } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { tid?: unknown }
    return typeof tid === 'string' && isGuid(tid) ? tid.toLowerCase() : undefined
  } catch {
    return undefined
  }
}
