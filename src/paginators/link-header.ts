import Link from 'http-link-header';

/**
 * The target of the last link with this relation in a `Link` header (RFC 8288; the last, as dlt has
 * it). The case of the relation does not matter. As dlt does, it reads links without angle brackets
 * and in single quotes; a link that cannot be read is passed over.
 */
export function findLink(header: string | undefined, relation: string): string | undefined {
  const wanted = words(relation);
  if (header === undefined || wanted.length === 0) return undefined;
  const links = header.split(/,\s*(?=<)/).map(parseLink);
  return links.findLast((link) => link !== undefined && wanted.every((word) => link.relations.has(word)))?.target;
}

function parseLink(text: string): { readonly target: string; readonly relations: ReadonlySet<string> } | undefined {
  const refs = parseRefs(/^\s*</.test(text) ? text : text.replace(/^\s*([^;]*)/, '<$1>'));
  const [ref] = refs;
  return ref && { target: ref.uri.trim(), relations: new Set(refs.flatMap((r) => words(r.rel ?? ''))) };
}

function parseRefs(text: string): readonly Partial<Link.Reference>[] & { readonly 0?: Link.Reference } {
  try {
    return Link.parse(text).refs;
  } catch {
    return [];
  }
}

function words(relation: string): string[] {
  return relation
    .toLowerCase()
    .split(/[\s'"]+/)
    .filter((word) => word !== '');
}
