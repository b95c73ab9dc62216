public import Classifiers
public import Datasets
import ModelFiles
import SavedModels
import Support

/// The folder of a forest that several processes grow, some trees each.
///
/// Trees stand in files of a hundred at most, which appear when they are whole: a process that was killed
/// goes on where it was. Its `forest.json` says what was asked for, so that joining the trees needs to be told
/// nothing again.
public final class ForestFolder: Sendable {
  private static let planName = "forest.json"
  private static let chunk = 100
  private let folder: SharedFolder
  public var path: String { folder.path }

  public init(path: String) { folder = SharedFolder(path: path) }

  /// What the folder was begun with; `nil` where it is none of a forest.
  public func plan() throws -> PlanDocument? {
    let file = path + "/" + Self.planName
    guard Files.exists(file) else { return nil }
    return try JSONDocument.decode(PlanDocument.self, from: file)
  }

  /// Grows the trees with these numbers that are not in the folder yet.
  ///
  /// - Parameters:
  ///   - numbers: counted from 0.
  ///   - data: what the forest learns from, and what tells it from other data.
  ///   - plan: what was asked for; a folder with another plan is refused.
  public func grow(
    _ numbers: Range<Int>, of forest: RandomForest, from data: PreparedData, plan: PlanDocument,
    threads: Int, progress: @escaping FitProgress
  ) throws {
    try folder.begin(with: Self.planName, JSONDocument.encode(plan), kind: "a forest in parts")
    guard let begun = try self.plan() else {
      throw FileError(.cannotRead, path, "expected \(Self.planName), found none")
    }
    try plan.check(continues: begun, at: path)
    var start = numbers.lowerBound
    while start < numbers.upperBound {
      let part = start..<min(start + Self.chunk, numbers.upperBound)
      let name = Self.fileName(part)
      if !Files.exists(path + "/" + name) {
        let clock = ContinuousClock()
        let begin = clock.now
        let (done, total) = (start - numbers.lowerBound, numbers.count)
        let trees = try forest.grow(part, from: data.training, threads: threads) { grown, _ in
          progress(done + grown, total)
        }
        let seconds = (clock.now - begin).seconds
        try folder.write(
          name,
          ForestPart(first: start, trees: trees, seconds: seconds)
            .bytes(of: forest, dataSHA256: data.source.sha256))
      }
      start = part.upperBound
      progress(start - numbers.lowerBound, numbers.count)
    }
    folder.removeEmptyPartials()
  }

  private static func fileName(_ numbers: Range<Int>) -> String {
    "trees/trees-\(numbers.lowerBound + 1)-\(numbers.upperBound).safetensors"
  }

  /// The numbers of the trees that the folder's files have, counted from 0.
  private func parts() -> [Range<Int>] {
    ((try? Files.contents(of: path + "/trees")) ?? []).compactMap { name in
      guard name.hasPrefix("trees-"), name.hasSuffix(".safetensors") else { return nil }
      let ends = name.dropFirst(6).dropLast(12).split(separator: "-").map { Int($0) }
      guard ends.count == 2, let first = ends[0], let last = ends[1], first >= 1, first <= last
      else { return nil }
      return first - 1..<last
    }
  }

  /// All trees of the forest, out of one folder or several.
  ///
  /// - Throws: ``MissingTrees`` where some are not there yet.
  public static func trees(
    of forest: RandomForest, from data: PreparedData, in folders: [ForestFolder]
  ) throws -> GrownForest {
    try check(forest.treeCount, in: folders)
    let files = files(in: folders)
    var trees: [Tree] = []
    var seconds = 0.0
    trees.reserveCapacity(forest.treeCount)
    while trees.count < forest.treeCount {
      let next = trees.count
      guard let file = Self.file(with: next, files) else {
        throw MissingTrees(numbers: next..<next + 1, count: forest.treeCount)
      }
      let part = try ForestPart(
        contentsOf: file.path, of: forest, dataSHA256: data.source.sha256,
        featureCount: data.training.featureCount)
      guard part.first..<part.first + part.trees.count == file.numbers else {
        throw ModelFileError(.badData, file.path, "the trees are not those of the file's name")
      }
      let wanted = part.trees.dropFirst(next - part.first)
      trees += wanted.prefix(forest.treeCount - next)
      seconds += part.seconds * Double(wanted.count) / Double(part.trees.count)
    }
    return GrownForest(trees: trees, seconds: seconds)
  }

  /// Whether all trees are there, by the names of the files.
  ///
  /// - Throws: ``MissingTrees``.
  public static func check(
    _ treeCount: Int, in folders: [ForestFolder]
  ) throws(MissingTrees) {
    let files = files(in: folders)
    var next = 0
    while next < treeCount {
      guard let file = file(with: next, files) else {
        let end = files.map(\.numbers.lowerBound).filter { $0 > next }.min() ?? treeCount
        throw MissingTrees(numbers: next..<min(end, treeCount), count: treeCount)
      }
      next = file.numbers.upperBound
    }
  }

  private typealias File = (numbers: Range<Int>, path: String)

  private static func files(in folders: [ForestFolder]) -> [File] {
    folders.flatMap { folder in
      folder.parts().map { ($0, "\(folder.path)/\(fileName($0))") }
    }
  }

  /// The file that has a tree and the most trees after it.
  private static func file(with number: Int, _ files: [File]) -> File? {
    files.filter { $0.numbers.contains(number) }
      .max { $0.numbers.upperBound < $1.numbers.upperBound }
  }

  /// Ends writing, and removes what is half-written.
  public func abandon() { folder.abandon() }
}

/// The trees of a forest that was grown elsewhere.
public struct GrownForest: Sendable {
  let trees: [Tree]
  /// What growing them took, the sum over all processes.
  let seconds: Double
}

/// Trees that no folder has.
public struct MissingTrees: Error, Hashable, CustomStringConvertible {
  /// The first of them, counted from 0.
  public let numbers: Range<Int>
  public let count: Int

  public var description: String {
    "the trees \(numbers.lowerBound + 1) to \(numbers.upperBound) of \(count) are not there yet; grow "
      + "them with --trees \(numbers.lowerBound + 1)...\(numbers.upperBound)"
  }
}
