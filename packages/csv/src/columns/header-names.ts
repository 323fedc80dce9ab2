/** How are the columns of device files named? */

/** The device properties that a file can contain. */
export type DeviceField = 'serialNumber' | 'productKey' | 'hardwareHash' | 'oemManufacturerName' | 'modelName'

/** The columns in the spelling and order of the Partner Center docs, "Add devices to a customer's account". */
export const columnNames: Readonly<Record<DeviceField, string>> = {
  serialNumber: 'Device Serial Number',
  productKey: 'Windows Product ID',
  hardwareHash: 'Hardware Hash',
  oemManufacturerName: 'Manufacturer name',
  modelName: 'Device model',
}

/** All fields, in the order of the documented header. */
export const deviceFields: readonly DeviceField[] = Object.keys(columnNames) as DeviceField[]

/** A valid header, for messages. */
export const exampleHeader: string = Object.values(columnNames).join(',')

/**
 * The names of each field; the first one present counts. The order: Partner Center, Intune, Managed Desktop and the API; then
 * WMI, Graph and the manufacturers; then translations of the documented header on Microsoft's own pages (Managed Desktop,
 * "Steps for partners to register devices"; Microsoft 365 for business, "Add Autopilot devices").
 */
const headerNames: Readonly<Record<DeviceField, readonly string[]>> = {
  serialNumber: toNames(`
    Device Serial Number, Serial Number, Serial, Serial No, S/N, BIOS Serial Number, Identifying Number, Service Tag,
    Dell Service Tag, Seriennummer des Geräts, Geräteseriennummer, Seriennummer, Numéro de série de l'appareil,
    Numéro de série, Número de serie del dispositivo, Número de serie, Numero di serie del dispositivo,
    Numero di serie, Número de série do dispositivo, Número de série, Serienummer van apparaat, Serienummer,
    Enhetens serienummer, Numer seryjny urządzenia, Sériové číslo zařízení, Eszköz sorozatszáma,
    Cihaz seri numarası, Серийный номер устройства, 设备序列号, 裝置序號, 디바이스 일련 번호, 장치 일련 번호, デバイスのシリアル番号
  `),
  productKey: toNames(`
    Windows Product ID, Product Key, Product Key ID, Product ID, PKID, Windows Product Key ID,
    Windows-Produkt-ID, ID de produit Windows, ID. de producto de Windows, ID prodotto Windows,
    Product-id van Windows, ID do produto do Windows, ID do produto Windows, ID produktu Windows,
    Identyfikator produktu systemu Windows, Windows identyfikator produktu, Windows-termékazonosító,
    Windows ürün kimliği, Идентификатор продукта Windows, Windows 产品 ID, Windows 產品識別碼, Windows 제품 ID,
    Windows 製品 ID
  `),
  hardwareHash: toNames(`
    Hardware Hash, Device Hardware Data, Device Hardware Hash, Hardware Identifier, Autopilot Hash, 4K Hash,
    4K Hardware Hash, HW Hash, HWID, Hash, Hachage matériel, Hash de hardware, Hash hardware, Maskinvaru-hash,
    Skrót sprzętu, Hodnota hash hardwaru, Hardver kivonata, Donanım karması, Хэш оборудования, 硬件哈希, 硬體雜湊,
    하드웨어 해시, ハードウェア ハッシュ
  `),
  oemManufacturerName: toNames(`
    Manufacturer name, Manufacturer, OEM Manufacturer Name, Device Manufacturer, System Manufacturer, OEM Name,
    OEM, Make, Herstellername, Hersteller, Nom du fabricant, Nom de fabricant, Nombre del fabricante,
    Nombre de fabricante, Nome produttore, Nome do fabricante, Fabrikantnaam, Naam van fabrikant,
    Tillverkarens namn, Tillverkarnamn, Nazwa producenta, Název výrobce, Gyártó neve, Üretici adı,
    Имя производителя, 制造商名称, 製造商名稱, 제조업체 이름, 製造元名
  `),
  modelName: toNames(`
    Device model, Model, Model Name, System Model, System Product Name, Computer Model, Gerätemodell, Modell,
    Modèle d'appareil, Modelo de dispositivo, Modelo do dispositivo, Modello di dispositivo, Modello dispositivo,
    Apparaatmodel, Model van apparaat, Enhetsmodell, Model urządzenia, Model zařízení, Eszközmodell,
    Cihaz modeli, Модель устройства, 设备型号, 裝置型號, 디바이스 모델, 장치 모델, デバイスモデル
  `),
}

/** Names of Intune's group tag, formerly called order ID. */
const groupTagNames: ReadonlySet<string> = new Set(
  toNames('Group Tag, Autopilot Group Tag, Order ID, Order Identifier'),
)

/** Known column names that no field is read from. */
const otherNames: ReadonlySet<string> = new Set(
  toNames('Assigned User, Device Name, Computer Name, UUID, Purchase Date, Notes'),
)

const fieldNames: ReadonlySet<string> = new Set(Object.values(headerNames).flat())

/** Patterns that suggest the field of an unknown column from its name; the first match counts. */
const hints: readonly (readonly [field: DeviceField, pattern: RegExp])[] = [
  ['hardwareHash', /hash|hachage|hwid|hardware ?data|hardware ?id|karma|хэш|ハッシュ|哈希|雜湊|해시/iu],
  ['productKey', /pkid|produ[ck]t ?(key|id)|produkt.?id|product.?id|id.*produ[ckz]t/iu],
  [
    'serialNumber',
    /seria|serien|serie ?n|s[ée]rie|seri[oó]v|service ?tag|s\/n|серийн|シリアル|序列|序號|일련/iu,
  ],
  [
    'oemManufacturerName',
    /manufact|herstell|fabri[ck]|produttore|producent|vendor|tillverk|výrobce|производител/iu,
  ],
  ['modelName', /model|модел|モデル|型号|型號|모델/iu],
]

/** The field's names in comparable form. */
export function namesOf(field: DeviceField): readonly string[] {
  return headerNames[field]
}

/** Whether the cell is the name of a column that a field is read from. */
export function isFieldName(cell: string): boolean {
  return fieldNames.has(toComparableName(cell))
}

/** Whether the cell is a known column name of device files. */
export function isColumnName(cell: string): boolean {
  const name = toComparableName(cell)
  return fieldNames.has(name) || groupTagNames.has(name) || otherNames.has(name)
}

/** Whether the column contains Intune's group tag. */
export function isGroupTag(cell: string): boolean {
  return groupTagNames.has(toComparableName(cell))
}

/** The field that a column with an unknown name may be meant for. */
export function guessField(cell: string): DeviceField | undefined {
  return isColumnName(cell) ? undefined : hints.find(([, pattern]) => pattern.test(cell))?.[0]
}

/** A name normalized for comparison: without case, white space, punctuation and letter width. */
export function toComparableName(cell: string): string {
  return cell
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
}

function toNames(list: string): string[] {
  return list.split(',').map(toComparableName)
}
