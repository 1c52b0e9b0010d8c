import ItemSimulation

/// Typical requests to a catalogue of Sentinel-2 Items, each for another area and time.
struct RequestMix {
    enum Kind: String, CaseIterable {
        case newest = "ten newest before a time"
        case month = "box and month"
        case clearYear = "box, year and cloud cover"
        case clearest = "box of all years, by cloud cover"
        case item = "one Item"
    }

    struct Request {
        let kind: Kind
        let target: String
    }

    let path: String
    let collection: String
    let ids: [String]

    /// The same for the same seed. Boxes are 1 to 5 degrees wide and high, pages have up to 100 Items.
    func requests(count: Int, seed: UInt64) -> [Request] {
        var random = SplitMix64(seed: seed)
        return (0..<count).map { _ in
            let share = random.unit()
            let kind: Kind =
                switch share {
                case ..<0.2: .newest
                case ..<0.5: .month
                case ..<0.7: .clearYear
                case ..<0.8: .clearest
                default: ids.isEmpty ? .newest : .item
                }
            return Request(kind: kind, target: target(kind, &random))
        }
    }

    private func target(_ kind: Kind, _ random: inout SplitMix64) -> String {
        let search = "\(path)/search?collections=\(collection)&limit="
        let year = 2017 + random.integer(below: 7)
        let month = two(1 + random.integer(below: 12))
        switch kind {
        case .newest:
            let day = two(1 + random.integer(below: 28))
            let time = [24, 60, 60].map { two(random.integer(below: $0)) }.joined(separator: ":")
            return search + "10&datetime=../\(year)-\(month)-\(day)T\(time)Z"
        case .month:
            return search + "100&bbox=\(box(&random))"
                + "&datetime=\(year)-\(month)-01T00:00:00Z/\(year)-\(month)-28T00:00:00Z"
        case .clearYear:
            return search + "100&bbox=\(box(&random))&datetime=\(year)-01-01T00:00:00Z/\(year)-12-31T00:00:00Z"
                + "&filter=eo:cloud_cover%3C\(random.uniform(5, 30))"
        case .clearest: return search + "100&bbox=\(box(&random))&sortby=properties.eo:cloud_cover"
        case .item: return "\(path)/collections/\(collection)/items/\(ids[random.integer(below: ids.count)])"
        }
    }

    private func box(_ random: inout SplitMix64) -> String {
        let (width, height) = (random.uniform(1, 5), random.uniform(1, 5))
        let west = random.uniform(-180, 180 - width)
        let south = random.uniform(-55, 70 - height)
        return "\(west),\(south),\(west + width),\(south + height)"
    }

    private func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
