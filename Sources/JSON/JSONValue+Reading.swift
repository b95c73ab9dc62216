extension JSONValue {
  /// Reads exactly one value.
  ///
  /// Nesting beyond 200 is refused, so that no input can use up the stack.
  public init(parsing bytes: some Sequence<UInt8>) throws(JSONError) {
    var reader = JSONReader(Array(bytes))
    self = try reader.value()
    try reader.finish()
  }
}

extension JSONReader {
  private static let deepest = 200

  /// The next value, whatever it is, with all that is in it.
  public mutating func value() throws(JSONError) -> JSONValue { try value(depth: 0) }

  private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
    guard depth < Self.deepest else { throw error("nested too deeply") }
    switch peek() {
    case UInt8(ascii: "{"):
      var members: [JSONValue.Member] = []
      try object { name, reader throws(JSONError) in
        members.append(JSONValue.Member(name, try reader.value(depth: depth + 1)))
      }
      return .object(members)
    case UInt8(ascii: "["):
      return .array(
        try list { reader throws(JSONError) in try reader.value(depth: depth + 1) })
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t") where word("true"): return .boolean(true)
    case UInt8(ascii: "f") where word("false"): return .boolean(false)
    case UInt8(ascii: "n") where word("null"): return .null
    case UInt8(ascii: "-"), .some(UInt8(ascii: "0")...UInt8(ascii: "9")):
      let start = position
      let text = try number()
      // A zero keeps its sign, which no `Int` has.
      if text != "-0", let integer = Int(text) { return .integer(integer) }
      guard let real = Double(text), real.isFinite else {
        throw JSONError(position: start, problem: "\(text) is beyond 64-bit numbers")
      }
      return .real(real)
    case .some: throw error(foreignWord() ?? "expected a value")
    case nil: throw error("expected a value, found the end")
    }
  }

  /// Reads the next value, whatever it is, and forgets it.
  public mutating func skipValue() throws(JSONError) { try skipValue(depth: 0) }

  private mutating func skipValue(depth: Int) throws(JSONError) {
    guard depth < Self.deepest else { throw error("nested too deeply") }
    switch peek() {
    case UInt8(ascii: "{"):
      try object { _, reader throws(JSONError) in try reader.skipValue(depth: depth + 1) }
    case UInt8(ascii: "["):
      try array { reader throws(JSONError) in try reader.skipValue(depth: depth + 1) }
    default: _ = try value(depth: depth)
    }
  }
}
