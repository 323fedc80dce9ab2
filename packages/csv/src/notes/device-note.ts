/** What does a device file contain that is not sent, and how was it read? */

/** The kind of a note. Stable identifiers of this package: switch on them. */
export type DeviceNoteCode = DeviceNote['code']

/** The members of every note. */
interface NoteFacts {
  /** One or two sentences for the person who has the file open. Never contains a hardware hash. */
  message: string
  /**
   * `'warning'` when data that may be meant for the service is not sent, so a program should not report success without showing
   * it; `'info'` otherwise.
   */
  severity: 'warning' | 'info'
  /** The first line it refers to. */
  line: number
  /** How many rows it refers to. */
  rows: number
}

/** A column has values but is not read. */
export interface ColumnNote extends NoteFacts {
  /** The kind of the note. */
  code: 'column-not-read'
  /** The column, in the header's own spelling. */
  column: string
  /** The name the column should have if its values belong to a device; the note is then a warning. */
  expected?: string
}

/** Intune's group tag is not sent: in Partner Center, the batch name becomes the group tag. A warning. */
export interface GroupTagNote extends NoteFacts {
  /** The kind of the note. */
  code: 'group-tag-not-sent'
  /** The column, in the header's own spelling. */
  column: string
}

/** Placeholders such as "Default string" were omitted from devices that other values identify. */
export interface PlaceholderNote extends NoteFacts {
  /** The kind of the note. */
  code: 'placeholder-left-out'
  /** The column, in the header's own spelling. */
  column: string
}

/** Product IDs that do not identify a device were omitted from devices that other values identify. */
export interface ProductIdNote extends NoteFacts {
  /** The kind of the note. */
  code: 'product-id-left-out'
  /**
   * `'generic'` for product IDs of an edition of Windows, such as `…-AAOEM`; `'shared'` for those that rows of different
   * devices share.
   */
  reason: 'generic' | 'shared'
  /**
   * With `'shared'`, the lines of devices that still have the product ID, because they were read before another row turned up
   * with it. Empty unless the source is a stream.
   */
  earlierLines: readonly number[]
}

/** How the file was read where it deviates from a regular device file. */
export interface ReadingNote extends NoteFacts {
  /** What was skipped or read differently. */
  code:
    /** The header was repeated, and the repetition was skipped. */
    | 'repeated-header'
    /** Lines before the header were skipped. A warning when they have as many columns as the header. */
    | 'lines-before-header'
    /** Whole lines were quoted, and were read without the quotes. */
    | 'quoted-lines'
    /** Values have line breaks: a spreadsheet's row numbers below `line` are lower than ours. */
    | 'line-breaks'
    /** The encoding changes at `line`; both parts were read. */
    | 'encoding-changed'
}

/** What reading a device file reports besides devices and problems. */
export type DeviceNote = ColumnNote | GroupTagNote | PlaceholderNote | ProductIdNote | ReadingNote
