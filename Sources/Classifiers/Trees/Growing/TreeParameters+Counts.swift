#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#endif

// The numbers that hyper-parameters of trees mean for data of a certain size.

extension Amount {
  /// The number of samples, shares rounded up.
  func roundedUp(of total: Int) -> Int {
    switch self {
    case .count(let count): count
    case .share(let share): Int((share * Double(total)).rounded(.up))
    }
  }
}

extension CandidateFeatures {
  func resolved(of featureCount: Int) -> Int {
    switch self {
    case .all: featureCount
    case .squareRoot: max(1, Int(Double(featureCount).squareRoot()))
    case .logarithm: max(1, Int(log2(Double(featureCount))))
    case .amount(.count(let count)): count
    case .amount(.share(let share)): max(1, Int(share * Double(featureCount)))
    }
  }
}
