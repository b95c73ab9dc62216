extension UnsafeBufferPointer<UInt8> {
  // The compiler makes vectors of these loops only where it sees each alone.

  /// Whether all of the bytes are ASCII and none is zero.
  @inline(never)
  var isPlainText: Bool {
    var others: UInt8 = 0
    for byte in self { others |= byte &- 1 >= 0x7f ? 1 : 0 }
    return others == 0
  }

  /// How many of the bytes are `first` or `second`.
  @inline(never)
  func count(of first: UInt8, or second: UInt8) -> Int {
    guard let bytes = baseAddress else { return 0 }
    // Few enough for a count of eight bits, which fits a vector's lane.
    let partSize = 240
    var count = 0
    var position = 0
    while position < self.count {
      let part = bytes + position
      var partCount: UInt8 = 0
      for index in 0..<Swift.min(partSize, self.count &- position) {
        let byte = part[index]
        partCount &+= (byte == first ? 1 : 0) | (byte == second ? 1 : 0)
      }
      count &+= Int(partCount)
      position &+= partSize
    }
    return count
  }
}
