import Support
import Testing

@testable import LinearAlgebra

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

@Suite struct `A team of threads` {
  @Test(arguments: [1, 2, 3, 8], [true, false])
  func `does every index of many short pieces of work once`(threads: Int, keepsThreads: Bool) {
    let size = 23
    var counts = [Int](repeating: 0, count: size)
    let pieces = counts.withUnsafeMutableBufferPointer { counts in
      nonisolated(unsafe) let counts = counts
      return Team.with(threads: threads) { team in
        for piece in 0..<20_000 {
          // What a piece has done is seen by the next.
          team.forEach(piece % (size + 1), keepsThreads: keepsThreads) { index, _ in
            counts[index] += 1
          }
        }
        return 20_000
      }
    }
    #expect(pieces == 20_000)
    for index in 0..<size {
      #expect(counts[index] == (0..<20_000).count { $0 % (size + 1) > index })
    }
  }

  /// Who works has memory of its own by its number, for as many as may be at work.
  @Test(arguments: [true, false])
  func `leaves a piece to those whose numbers are below its size`(keepsThreads: Bool) {
    let workers = Mutex<[Int]>([])
    Team.with(threads: 8) { team in
      for _ in 0..<200 {
        team.forEach(2, keepsThreads: keepsThreads) { _, worker in
          workers.withLock { $0.append(worker) }
          // As another helper, of which a machine of two cores wakes none.
          if worker == 0 { team.work(5) }
        }
      }
    }
    #expect(workers.withLock(\.count) == 400)
    #expect(workers.withLock { $0.allSatisfy { $0 < 2 } })
  }

  @Test func `works on after a pause in which helpers doze`() {
    let sum = Mutex(0)
    Team.with(threads: 4) { team in
      for _ in 0..<10 {
        usleep(20_000)
        team.forEach(100) { index, _ in sum.withLock { $0 += index } }
      }
    }
    #expect(sum.withLock { $0 } == 10 * 4950)
  }

  @Test func `may lead a team of its own from each of several threads`() {
    let sum = Mutex(0)
    Parallelism.forEach(6, threads: 3) { number, _ in
      Team.with(threads: 2) { team in
        for _ in 0..<500 {
          let numbers = team.map(5) { index, _ in index * number }
          sum.withLock { $0 += numbers.reduce(0, +) }
        }
      }
    }
    #expect(sum.withLock { $0 } == 500 * 10 * 15)
  }
}
