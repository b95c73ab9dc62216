import TestSupport
import Testing

@testable import Classifiers

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

@Suite struct `The cores that control groups allow` {
  private let folder = TemporaryFolder()

  private func quotaCores(_ membership: String, _ files: [String: String]) -> Int? {
    folder.write(membership, to: "membership")
    for (name, text) in files {
      var path = "root"
      mkdir(folder.path + "/" + path, 0o777)
      for part in name.split(separator: "/").dropLast() {
        path += "/" + part
        mkdir(folder.path + "/" + path, 0o777)
      }
      folder.write(text, to: "root/" + name)
    }
    return ControlGroups(
      root: folder.path + "/root", membership: folder.path + "/membership"
    ).quotaCores
  }

  @Test(arguments: [("50000 100000", 1), ("150000 100000", 2), ("400000 100000", 4)])
  func `a container's quota is rounded up to whole cores`(text: String, cores: Int) {
    #expect(quotaCores("0::/\n", ["cpu.max": text + "\n"]) == cores)
  }

  @Test func `without a quota, cores are not limited`() {
    #expect(quotaCores("0::/\n", ["cpu.max": "max 100000\n"]) == nil)
    #expect(quotaCores("0::/a\n", [:]) == nil)
    #expect(quotaCores("nonsense", ["cpu.max": "nonsense"]) == nil)
  }

  @Test func `the lowest quota of a group and its ancestors counts`() {
    let files = ["a/cpu.max": "200000 100000\n", "a/b/cpu.max": "max 100000\n"]
    #expect(quotaCores("0::/a/b\n", files) == 2)
  }

  @Test func `quotas of control groups version 1 are found too`() {
    let files = [
      "cpu/pod/cpu.cfs_quota_us": "250000\n", "cpu/pod/cpu.cfs_period_us": "100000\n",
      "cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n",
    ]
    #expect(quotaCores("4:cpu,cpuacct:/pod\n1:name=systemd:/x\n", files) == 3)
  }
}
