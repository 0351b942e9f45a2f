/** Which request of a run something happened at, for the messages of errors. */
export interface Place {
  readonly resource: string;
  /** Position of the page in its walk, from 0. */
  readonly page: number;
  /** Method and redacted address. */
  readonly request: string;
}

/** `GET https://api.example.com/messages (resource "messages", page 3)`: pages are counted from 1, as people do. */
export function where(place: Place): string {
  return `${place.request} (resource "${place.resource}", page ${place.page + 1})`;
}

/** A place as the context of an error. */
export function placeContext(place: Place): Readonly<Record<string, string | number>> {
  return { resource: place.resource, page: place.page + 1, request: place.request };
}
