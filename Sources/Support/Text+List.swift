extension [String] {
  /// The texts with commas between them; of many the first, and how many others there are.
  public func listed(limit: Int = 20) -> String {
    prefix(limit).joined(separator: ", ") + (count > limit ? " and \(count - limit) others" : "")
  }
}
