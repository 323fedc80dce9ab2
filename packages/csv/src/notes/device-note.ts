/** What a device file holds that is not sent, and what was done to read it. */

/** What a note is about. Ours, and fixed: switch over it. */
export type DeviceNoteCode = DeviceNote['code']

/** What every note has. */
interface NoteFacts {
  /** One sentence or two for the person who has the file open. Never holds a hardware hash. */
  message: string
  /**
   * `'warning'` when something that may be meant for the service is not sent, so that nobody should say that all went well without
   * telling it; `'info'` otherwise.
   */
  severity: 'warning' | 'info'
  /** The first line it is about. */
  line: number
  /** How many rows it is about. */
  rows: number
}

/** A column is not read, and has values. */
export interface ColumnNote extends NoteFacts {
  /** What the note is about. */
  code: 'column-not-read'
  /** The column, in the header's own spelling. */
  column: string
  /** The name that it should have when its values are those of a device; a warning then. */
  expected?: string
}

/** Intune's group tag is not sent: at Partner Center, the name of the batch becomes the group tag. A warning. */
export interface GroupTagNote extends NoteFacts {
  /** What the note is about. */
  code: 'group-tag-not-sent'
  /** The column, in the header's own spelling. */
  column: string
}

/** Placeholders such as "Default string" were left out of devices that something else identifies. */
export interface PlaceholderNote extends NoteFacts {
  /** What the note is about. */
  code: 'placeholder-left-out'
  /** The column, in the header's own spelling. */
  column: string
}

/** Product IDs that identify no device were left out of devices that something else identifies. */
export interface ProductIdNote extends NoteFacts {
  /** What the note is about. */
  code: 'product-id-left-out'
  /** `'generic'` for those of an edition of Windows, such as `…-AAOEM`; `'shared'` for those that rows of different devices have. */
  reason: 'generic' | 'shared'
  /**
   * With `'shared'`, the lines of devices that were read before another row had the same product ID, and so still have it. Empty
   * unless the source is a stream.
   */
  earlierLines: readonly number[]
}

/** How the file was read, where it is not what a device file should be. */
export interface ReadingNote extends NoteFacts {
  /** What was skipped or read in another way. */
  code:
    /** The header came again and was skipped. */
    | 'repeated-header'
    /** Lines before the header were skipped. A warning when they have as many columns as the header. */
    | 'lines-before-header'
    /** Whole lines were in quotes, and were read as if they were not. */
    | 'quoted-lines'
    /** The encoding changes at `line`; both parts were read. */
    | 'encoding-changed'
}

/** What the reader of a device file has to say beside devices and problems. */
export type DeviceNote = ColumnNote | GroupTagNote | PlaceholderNote | ProductIdNote | ReadingNote
