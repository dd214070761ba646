/** What a tag is compared by: the portal tells tags apart without regard to case. */
export function tagKey(tag: string): string {
  return tag.trim().toLowerCase();
}
