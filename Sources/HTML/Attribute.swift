import Support

/// An attribute of an element; one whose value is `nil` is left out.
public struct Attribute: Sendable {
  enum Value {
    case text(String)
    case blank(Blank)
  }

  let name: StaticString
  let value: Value?

  fileprivate init(_ name: StaticString, _ text: String?) {
    self.name = name
    value = text.map(Value.text)
  }

  fileprivate init(_ name: StaticString, _ blank: Blank) {
    self.name = name
    value = .blank(blank)
  }

  /// A length or a place in a drawing.
  fileprivate init(_ name: StaticString, _ number: Double) {
    self.init(name, NumberText.coordinate(number))
  }

  /// An attribute that says something by standing there.
  fileprivate init(_ name: StaticString, if isSet: Bool, _ value: String) {
    self.init(name, isSet ? value : nil)
  }
}

// Of all elements.
extension Attribute {
  public static func `class`(_ names: String?) -> Self { Self("class", names) }
  public static func id(_ id: String) -> Self { Self("id", id) }
  public static func lang(_ language: String) -> Self { Self("lang", language) }
  public static func role(_ role: String) -> Self { Self("role", role) }
  public static func style(_ declarations: String) -> Self { Self("style", declarations) }
  public static func tabindex(_ index: Int) -> Self { Self("tabindex", String(index)) }
  public static func title(_ text: String) -> Self { Self("title", text) }

  public static func ariaCurrent(if isCurrent: Bool) -> Self {
    Self("aria-current", if: isCurrent, "page")
  }
  public static func ariaDescribedBy(_ ids: String) -> Self { Self("aria-describedby", ids) }
  /// For what is only decoration.
  public static var ariaHidden: Self { Self("aria-hidden", "true") }
  public static func ariaInvalid(if isWrong: Bool) -> Self {
    Self("aria-invalid", if: isWrong, "true")
  }
  public static func ariaLabel(_ text: String) -> Self { Self("aria-label", text) }
  public static func ariaLabelledBy(_ ids: String) -> Self { Self("aria-labelledby", ids) }
}

// Of links, tables, forms and a page's head.
extension Attribute {
  public static func action(_ address: String) -> Self { Self("action", address) }
  public static func autocomplete(_ way: String) -> Self { Self("autocomplete", way) }
  public static func charset(_ name: String) -> Self { Self("charset", name) }
  public static func content(_ text: String) -> Self { Self("content", text) }
  public static func `for`(_ id: String) -> Self { Self("for", id) }
  public static func href(_ address: String) -> Self { Self("href", address) }
  public static func href(_ blank: Blank) -> Self { Self("href", blank) }
  public static func inputmode(_ mode: String) -> Self { Self("inputmode", mode) }
  public static func method(_ method: String) -> Self { Self("method", method) }
  public static func min(_ number: String?) -> Self { Self("min", number) }
  public static func name(_ name: String) -> Self { Self("name", name) }
  public static func rel(_ relation: String) -> Self { Self("rel", relation) }
  public static func required(if isRequired: Bool) -> Self {
    Self("required", if: isRequired, "required")
  }
  public static func scope(_ scope: String) -> Self { Self("scope", scope) }
  public static func selected(if isSelected: Bool) -> Self {
    Self("selected", if: isSelected, "selected")
  }
  public static func step(_ number: String?) -> Self { Self("step", number) }
  public static func type(_ type: String) -> Self { Self("type", type) }
  public static func value(_ text: String) -> Self { Self("value", text) }
}

// Of drawings.
extension Attribute {
  public static func cx(_ number: Double) -> Self { Self("cx", number) }
  public static func cy(_ number: Double) -> Self { Self("cy", number) }
  public static func d(_ path: String) -> Self { Self("d", path) }
  public static func fillOpacity(_ share: Double?) -> Self {
    Self("fill-opacity", share.map(NumberText.coordinate))
  }
  public static func height(_ number: Double) -> Self { Self("height", number) }
  public static func points(_ points: String) -> Self { Self("points", points) }
  public static func preserveAspectRatio(_ way: String) -> Self { Self("preserveAspectRatio", way) }
  public static func r(_ number: Double) -> Self { Self("r", number) }
  public static func strokeDasharray(_ lengths: String?) -> Self {
    Self("stroke-dasharray", lengths)
  }
  public static func textAnchor(_ anchor: String) -> Self { Self("text-anchor", anchor) }
  public static func transform(_ transform: String) -> Self { Self("transform", transform) }
  public static func viewBox(width: Double, height: Double) -> Self {
    Self(
      "viewBox", "0 0 \(NumberText.coordinate(width)) \(NumberText.coordinate(height))")
  }
  public static func width(_ number: Double) -> Self { Self("width", number) }
  public static func width(_ blank: Blank) -> Self { Self("width", blank) }
  public static func x(_ number: Double) -> Self { Self("x", number) }
  public static var xmlns: Self { Self("xmlns", "http://www.w3.org/2000/svg") }
  public static func y(_ number: Double) -> Self { Self("y", number) }
}
