/// Numbers that make no model.
package struct ModelContentError: Error, Hashable, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }
}
