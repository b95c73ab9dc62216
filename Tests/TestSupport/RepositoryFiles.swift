import Foundation

/// Where the repository's files are, whatever the current folder.
public enum RepositoryFiles {
  public static let root =
    #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
    .joined(separator: "/")
  public static let diamonds = root + "/data/diamonds.csv"

  /// The texts of a folder's files with that ending, by their names without it.
  public static func texts(in folder: String, ending: String) throws -> [String: String] {
    let path = root + "/" + folder
    let names = try FileManager.default.contentsOfDirectory(atPath: path)
    return Dictionary(
      uniqueKeysWithValues: try names.filter { $0.hasSuffix(ending) }.map { name in
        let text = try String(contentsOfFile: path + "/" + name, encoding: .utf8)
        return (String(name.dropLast(ending.count)), text)
      })
  }
}
