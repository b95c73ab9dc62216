extension UnsafeBufferPointer<UInt8> {
  /// Whether all of the bytes are ASCII and none is zero.
  @inline(never)
  var isPlainText: Bool {
    // The compiler vectorizes this loop only in a function of its own.
    var others: UInt8 = 0
    for byte in self { others |= byte &- 1 >= 0x7f ? 1 : 0 }
    return others == 0
  }

  /// The error of the first bytes that are not UTF-8 text; `nil` if all are.
  func textFlaw(firstLine: Int) -> CSVError? {
    func flaw(at position: Int, _ problem: String) -> CSVError {
      let before = UnsafeBufferPointer(rebasing: self[..<position])
      return CSVError(
        line: firstLine + before.quoteAndLineEndCounts.lineEnds, problem: "expected \(problem)",
        advice: TextEncoding.advice(TextEncoding(guessedFor: self)))
    }
    if isPlainText { return nil }
    if let position = firstIndex(of: 0) { return flaw(at: position, "text, found a zero byte") }
    if String(validating: self, as: UTF8.self) != nil { return nil }
    var decoder = Unicode.UTF8.ForwardParser()
    var iterator = makeIterator()
    var position = 0
    while case .valid(let scalar) = decoder.parseScalar(from: &iterator) {
      position += scalar.count
    }
    return flaw(at: position, "UTF-8, found the byte 0x\(String(self[position], radix: 16))")
  }
}
