import { expect, test } from 'vitest'

import { fastEmulator, freshDatabase, trackerOn } from '../helpers.ts'

const [contoso, fabrikam] = ['c7f3c849-129f-4b85-a96d-4f8e88b315a3', '47021739-3426-40bf-9601-61b4b6d7c793']

test('the name of a customer is kept, whatever the case of its ID, and the last one counts', async () => {
  const database = await freshDatabase()
  const tracker = trackerOn(database, fastEmulator())
  await tracker.setCustomerName(contoso, 'Contoso')
  await tracker.setCustomerName(contoso.toUpperCase(), 'Contoso \u0000Ltd')
  const names = await tracker.getCustomerNames([contoso.toUpperCase(), fabrikam])
  expect([...names]).toEqual([[contoso, 'Contoso Ltd']])
  expect(await tracker.getCustomerNames([])).toEqual(new Map())
})

test('an empty name and an invalid ID are refused', async () => {
  const tracker = trackerOn(await freshDatabase(), fastEmulator())
  await expect(tracker.setCustomerName(contoso, ' ')).rejects.toThrow('`customerName` must be the name')
  await expect(tracker.setCustomerName('contoso', 'Contoso')).rejects.toThrow('`customerId` must be a GUID')
  await expect(tracker.getCustomerNames(['contoso'])).rejects.toThrow('`customerIds` must be a GUID')
})
