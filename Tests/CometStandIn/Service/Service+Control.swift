extension Service {
  /// Answers what is asked below `/control/`: by people, scripts and tests, without a key.
  ///
  /// - `GET faults`, `POST faults` with an array of faults that takes the place of the old ones
  /// - `GET state`, `GET requests`: all that is stored and all that came
  /// - `POST reset`: forgets both
  func control(_ method: String, _ path: String, _ body: [UInt8]) -> HTTPResponse {
    switch (method, path) {
    case ("GET", "/control/state"): return .json(state.dump)
    case ("GET", "/control/requests"): return .json(.array(requests.map(\.json)))
    case ("GET", "/control/faults"):
      return .json(.array(faults.map { .string("\($0)") }))
    case ("POST", "/control/faults"): return replaceFaults(body)
    case ("POST", "/control/reset"):
      reset()
      return .json(["msg": "Forgotten"])
    default:
      return Refusal("\(path): no such control", status: 404).response
    }
  }

  private func replaceFaults(_ body: [UInt8]) -> HTTPResponse {
    do {
      let value = try JSONValue(parsing: body)
      guard let elements = value.array else {
        return Refusal("expected an array of faults").response
      }
      setFaults(try elements.map { try Fault(json: $0) })
      return .json(["msg": .string("\(elements.count) faults in force")])
    } catch {
      return Refusal("\(error)").response
    }
  }
}
