import Comet
import TestSupport
import Testing

@testable import CometLogging

@Suite struct `A Git repository` {
  private let files = TemporaryFolder()
  private let commit = String(repeating: "ab", count: 20)

  @Test func `a Git repository's remote is shown without its password`() {
    files.makeFolder(".git")
    files.write("ref: refs/heads/main\n", to: ".git/HEAD")
    files.write("# packed\n\(commit) refs/heads/main\n", to: ".git/packed-refs")
    files.write(
      """
      [user]
        name = A Person
      [remote "up"]
        url = https://me:secret@example.com/x.git
      [branch "main"]
        remote = up
      """, to: ".git/config")
    files.makeFolder("inner")
    let metadata = GitRepository.metadata(of: files.path + "/inner")
    #expect(
      metadata
        == ExperimentEvent.GitMetadata(
          user: "A Person", branch: "refs/heads/main", parent: commit,
          origin: "https://example.com/x.git"))
  }

  @Test func `a Git repository without a commit is not described`() {
    files.makeFolder(".git")
    files.write("ref: refs/heads/main\n", to: ".git/HEAD")
    #expect(GitRepository.metadata(of: files.path) == nil)
  }

  @Test func `damaged files of a Git repository are described as far as they can be read`() throws {
    files.makeFolder(".git")
    let originals = [
      "HEAD": "ref: refs/heads/main\n", "packed-refs": "# packed\n\(commit) refs/heads/main\n",
      "config": "[user]\n\tname = A Person\n[remote \"origin\"]\n\turl = https://a:b@x.org/y\n",
    ].mapValues { Array($0.utf8) }
    var describedCount = 0
    let count = Mutator.count(usually: 1000)
    for number in 0..<count {
      var mutator = Mutator(seed: UInt64(number))
      for (name, bytes) in originals {
        let isDamaged = name == ["HEAD", "packed-refs", "config"][number % 3]
        files.write(
          isDamaged ? mutator.mutant(of: bytes, other: bytes) : bytes, to: ".git/" + name)
      }
      if GitRepository.metadata(of: files.path) != nil { describedCount += 1 }
    }
    #expect(describedCount > count / 3)
  }
}
