import { LadingError, type Resource } from "@lading/core"
import type { SelectedResource } from "../resource.ts"

/** A resource of the run and the one that feeds it. */
export interface FamilyMember {
  readonly item: SelectedResource
  readonly parent: SelectedResource | undefined
}

/**
 * The resources that are to be loaded and all that feed them, parents first; each is there once, however many it feeds.
 * @throws LadingError `duplicate-resource` when two different resources of a family have one name, under which their state would be kept
 */
export function withParents(known: readonly SelectedResource[], loaded: readonly SelectedResource[]): readonly FamilyMember[] {
  const members = new Map<SelectedResource, FamilyMember>()
  const feeders = new Map<Resource, SelectedResource>()
  const itemOf = (resource: Resource, child: SelectedResource): SelectedResource => {
    const found = known.find(({ given }) => given === resource) ?? feeders.get(resource)
    if (found !== undefined) return found
    const other = [...known, ...feeders.values()].find(({ given }) => given.name === resource.name)
    if (other !== undefined) throw duplicate(child.given.name, resource.name)
    const made = { resource, given: resource, source: child.source, isSelected: false }
    feeders.set(resource, made)
    return made
  }
  const add = (item: SelectedResource): void => {
    if (members.has(item)) return
    const above = item.given.parent
    const parent = above === undefined ? undefined : itemOf(above, item)
    if (parent !== undefined) add(parent)
    members.set(item, { item, parent })
  }
  for (const item of loaded) add(item)
  return [...members.values()]
}

function duplicate(child: string, parent: string): LadingError {
  return new LadingError({
    code: "duplicate-resource",
    message: `${child} is fed by a resource named ${parent}, and the run has another resource of that name`,
    hint: "use one and the same resource for both, or give one of them a name of its own: their state is kept by name",
  })
}
