/// Why a fault's description could not be read.
public struct FaultError: Error, Hashable, CustomStringConvertible {
  public let description: String
}

extension Fault {
  /// Reads a fault as it is given on a command line: `status=429,retry-after=1,times=3`.
  ///
  /// Exactly one of `status=CODE` (with `retry-after=TEXT`, `retry-after-custom=TEXT`, `page`),
  /// `latency=SECONDS`, `reset-before`, `reset-after`, `slow-body=BYTES_PER_SECOND`,
  /// `truncated-answer`, `truncated-zip`, `page-for-zip`, `delayed-visibility=SECONDS`; and any of
  /// `path=PATH`, `method=METHOD`, `after=N`, `times=N`, `share=P`, `seed=N`.
  public init(parsing text: String) throws(FaultError) {
    try self.init(
      fields: text.split(separator: ",").map { field in
        let sides = field.split(separator: "=", maxSplits: 1)
        return (String(sides[0]), sides.count == 2 ? String(sides[1]) : "true")
      })
  }

  /// Reads a fault as the control endpoint takes it: an object with the same names.
  public init(json: JSONValue) throws(FaultError) {
    guard let members = json.members else { throw FaultError(description: "expected an object") }
    try self.init(fields: members.map { ($0.key, $0.value.plainText) })
  }

  private init(fields: [(name: String, value: String)]) throws(FaultError) {
    var effects: [Effect] = []
    var headers: [String: String] = [:]
    var isPage = false
    self.init(.resetBefore)
    for (name, value) in fields {
      func number<Value: LosslessStringConvertible>(_: Value.Type) throws(FaultError) -> Value {
        guard let number = Value(value) else {
          throw FaultError(description: "fault: \(name): expected a number, found \"\(value)\"")
        }
        return number
      }
      switch name {
      case "status": effects.append(.status(try number(Int.self)))
      case "retry-after": headers["Retry-After"] = value
      case "retry-after-custom": headers["Retry-After-Custom"] = value
      case "page": isPage = value == "true"
      case "latency": effects.append(.latency(seconds: try number(Double.self)))
      case "reset-before": effects.append(.resetBefore)
      case "reset-after": effects.append(.resetAfter)
      case "slow-body": effects.append(.slowBody(bytesPerSecond: max(1, try number(Int.self))))
      case "truncated-answer": effects.append(.truncatedAnswer)
      case "truncated-zip": effects.append(.truncatedZip)
      case "page-for-zip": effects.append(.pageForZip)
      case "delayed-visibility":
        effects.append(.delayedVisibility(seconds: try number(Double.self)))
      case "path": path = value
      case "method": method = value
      case "after": after = try number(Int.self)
      case "times": times = try number(Int.self)
      case "share": share = try number(Double.self)
      case "seed": seed = try number(UInt64.self)
      default: throw FaultError(description: "fault: unknown field \"\(name)\"")
      }
    }
    guard effects.count == 1 else {
      throw FaultError(description: "fault: expected one effect, found \(effects.count)")
    }
    if case .status(let code, _, _) = effects[0] {
      effect = .status(code, headers: headers, isPage: isPage)
    } else {
      guard headers.isEmpty, !isPage else {
        throw FaultError(description: "fault: retry-after and page go with status")
      }
      effect = effects[0]
    }
  }
}
