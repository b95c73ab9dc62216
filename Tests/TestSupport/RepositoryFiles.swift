/// Where the repository's files are, whatever the current folder.
public enum RepositoryFiles {
  public static let root =
    #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
    .joined(separator: "/")
  public static let diamonds = root + "/data/diamonds.csv"
}
