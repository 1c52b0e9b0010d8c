import JSON

/// Source: [links](https://github.com/radiantearth/stac-spec/blob/v1.1.0/commons/links.md),
/// [assets](https://github.com/radiantearth/stac-spec/blob/v1.1.0/commons/assets.md).
extension Validation {
    /// - Returns: Whether there is a link to the Collection.
    mutating func links(_ links: JSONElement?) -> Bool {
        guard let links else {
            report(root, "links", "must be present, if only as []")
            return false
        }
        guard links.kind == .array else {
            report(links, "must be an array of objects; is \(shown(links))")
            return false
        }
        var hasCollectionLink = false
        for link in links.elements {
            guard link.kind == .object else {
                report(link, "must be an object; is \(shown(link))")
                continue
            }
            let relation = self.link(link)
            if relation?.equals("collection") == true { hasCollectionLink = true }
        }
        return hasCollectionLink
    }

    private mutating func link(_ link: JSONElement) -> JSONElement? {
        var relation: JSONElement?
        var hasReference = false
        var times = Times()
        for (name, value) in link.members {
            let name = MemberName(name)
            switch name.count {
            case 3 where name == "rel":
                relation = value
                text(value, allowsEmpty: false)
            case 4 where name == "href":
                hasReference = true
                text(value, allowsEmpty: false)
            case 4 where name == "type": text(value)
            case 5 where name == "title": text(value)
            case 6 where name == "method" && version == .oneOne: method(value)
            case 7 where name == "headers" && version == .oneOne: headers(value)
            default:
                if version == .oneOne { commonMember(name, value, &times) }
            }
        }
        interval(times, of: link)
        if !hasReference { report(link, "href", "must be present") }
        if relation == nil { report(link, "rel", "must be present") }
        return relation
    }

    private mutating func method(_ element: JSONElement) {
        let isMethod = element.plainStringBytes.map { text in
            !text.isEmpty && text.allSatisfy { $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z") }
        }
        if isMethod != true { report(element, "must be an HTTP method in capitals; is \(shown(element))") }
    }

    private mutating func headers(_ element: JSONElement) {
        guard element.kind == .object else { return report(element, "must be an object; is \(shown(element))") }
        for (_, value) in element.members where value.kind != .string {
            guard value.kind == .array else {
                report(value, "must be a string or an array of strings; is \(shown(value))")
                continue
            }
            strings(value)
        }
    }

    /// - Returns: Whether an asset has `bands`.
    @discardableResult
    mutating func assets(_ assets: JSONElement?, isRequired: Bool) -> Bool {
        guard let assets else {
            if isRequired { report(root, "assets", "must be present, if only as {}") }
            return false
        }
        guard assets.kind == .object else {
            report(assets, "must be an object; is \(shown(assets))")
            return false
        }
        var hasBands = false
        for (_, asset) in assets.members {
            guard asset.kind == .object else {
                report(asset, "must be an object; is \(shown(asset))")
                continue
            }
            if self.asset(asset) { hasBands = true }
        }
        return hasBands
    }

    private mutating func asset(_ asset: JSONElement) -> Bool {
        var hasReference = false
        var hasBands = false
        var times = Times()
        for (name, value) in asset.members {
            let name = MemberName(name)
            switch name.count {
            case 4 where name == "href":
                hasReference = true
                text(value, allowsEmpty: false)
            case 4 where name == "type": text(value)
            case 5 where name == "roles": strings(value)
            default:
                if name == "bands" { hasBands = true }
                commonMember(name, value, &times)
            }
        }
        interval(times, of: asset)
        if !hasReference { report(asset, "href", "must be present") }
        return hasBands
    }

    /// A Collection's `item_assets`: assets without `href`.
    mutating func itemAssets(_ assets: JSONElement) {
        guard assets.kind == .object else { return report(assets, "must be an object; is \(shown(assets))") }
        for (_, asset) in assets.members {
            guard asset.kind == .object else {
                report(asset, "must be an object; is \(shown(asset))")
                continue
            }
            var times = Times()
            var count = 0
            for (name, value) in asset.members {
                count += 1
                let name = MemberName(name)
                if name == "href" {
                    report(value, "must not be there: it belongs to the assets of Items")
                } else if name == "type" {
                    text(value)
                } else {
                    commonMember(name, value, &times)
                }
            }
            interval(times, of: asset)
            if count < 2 { report(asset, "must have two members or more; has \(count)") }
        }
    }
}
