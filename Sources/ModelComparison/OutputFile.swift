/// Writing a single file outside a run's folder.
public enum OutputFile {
  /// Writes the whole file under a temporary name beside it, then gives it its name.
  public static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
    try FileSystem.write(bytes, to: path)
  }
}
