import HTTPTypes
import HummingbirdTesting
import JSON
import Testing

@testable import STACServer

@Suite("Aggregation") struct AggregationTests {
    @Test(
        "gives what other servers give, by GET and by POST",
        arguments: [
            ("", ["aggregations": []], []),
            (
                "aggregations=total_count,datetime_max&filter=eo:cloud_cover%20%3C%205",
                [
                    "aggregations": ["total_count", "datetime_max"],
                    "filter": ["op": "<", "args": [["property": "eo:cloud_cover"], 5]],
                ],
                [
                    ["name": "total_count", "data_type": "integer", "value": 5],
                    ["name": "datetime_max", "data_type": "datetime", "value": "2024-01-05T10:00:00Z"],
                ]
            ),
            (
                "aggregations=datetime_min&ids=x", ["aggregations": "datetime_min", "ids": ["x"]],
                [["name": "datetime_min", "data_type": "datetime", "value": nil]]
            ),
            (
                "aggregations=%5B%22platform_frequency%22%5D&bbox=0.1,9,2.2,11",
                ["aggregations": ["platform_frequency"], "bbox": [0.1, 9, 2.2, 11]],
                [
                    [
                        "name": "platform_frequency", "data_type": "frequency_distribution",
                        "buckets": [
                            ["key": "sentinel-2a", "data_type": "string", "frequency": 2],
                            ["key": "sentinel-2b", "data_type": "string", "frequency": 1],
                        ], "overflow": 0,
                    ]
                ]
            ),
            (
                "aggregations=cloud_cover_frequency", ["aggregations": ["cloud_cover_frequency"]],
                [
                    [
                        "name": "cloud_cover_frequency", "data_type": "frequency_distribution",
                        "buckets": [
                            ["key": "*-5.0", "to": 5, "data_type": "numeric", "frequency": 5],
                            ["key": "5.0-15.0", "from": 5, "to": 15, "data_type": "numeric", "frequency": 10],
                            ["key": "15.0-40.0", "from": 15, "to": 40, "data_type": "numeric", "frequency": 5],
                            ["key": "40.0-*", "from": 40, "data_type": "numeric", "frequency": 0],
                        ], "overflow": 0,
                    ]
                ]
            ),
            (
                "aggregations=datetime_frequency&datetime_frequency_interval=week&datetime=2024-01-07T00:00:00Z/..",
                [
                    "aggregations": ["datetime_frequency"], "datetime_frequency_interval": "week",
                    "datetime": "2024-01-07T00:00:00Z/..",
                ],
                [
                    [
                        "name": "datetime_frequency", "data_type": "frequency_distribution", "interval": "week",
                        "buckets": [
                            ["key": "2024-01-01T00:00:00Z", "data_type": "datetime", "frequency": 1],
                            ["key": "2024-01-08T00:00:00Z", "data_type": "datetime", "frequency": 7],
                            ["key": "2024-01-15T00:00:00Z", "data_type": "datetime", "frequency": 6],
                        ], "overflow": 0,
                    ]
                ]
            ),
            (
                "aggregations=eo:cloud_cover_frequency&eo:cloud_cover_frequency_interval=10",
                ["aggregations": ["eo:cloud_cover_frequency"], "eo:cloud_cover_frequency_interval": 10],
                [
                    [
                        "name": "eo:cloud_cover_frequency", "data_type": "frequency_distribution", "interval": 10,
                        "buckets": [
                            ["key": "0.0-10.0", "from": 0, "to": 10, "data_type": "numeric", "frequency": 10],
                            ["key": "10.0-20.0", "from": 10, "to": 20, "data_type": "numeric", "frequency": 10],
                        ], "overflow": 0,
                    ]
                ]
            ),
            (
                "aggregations=grid_geohash_frequency,centroid_geotile_grid_frequency&grid_geohash_frequency_precision=2"
                    + "&centroid_geotile_grid_frequency_precision=3&query=%7B%22eo:cloud_cover%22:%7B%22lt%22:2%7D%7D",
                [
                    "aggregations": ["grid_geohash_frequency", "centroid_geotile_grid_frequency"],
                    "grid_geohash_frequency_precision": 2, "centroid_geotile_grid_frequency_precision": "3",
                    "query": ["eo:cloud_cover": ["lt": 2]],
                ],
                [
                    [
                        "name": "grid_geohash_frequency", "data_type": "frequency_distribution",
                        "buckets": [["key": "s1", "data_type": "string", "frequency": 2]], "overflow": 0,
                    ],
                    [
                        "name": "centroid_geotile_grid_frequency", "data_type": "frequency_distribution",
                        "buckets": [["key": "3/4/3", "data_type": "string", "frequency": 2]], "overflow": 0,
                    ],
                ]
            ),
        ] as [(String, JSONValue, JSONValue)])
    func results(query: String, body: JSONValue, expected: JSONValue) async throws {
        try await TestAPI.run { api in
            try await api.fill(20)
            for scope in ["", "/collections/c"] {
                let path = scope + "/aggregate"
                for response in [try await api.get(path + "?" + query), try await api.send(.post, path, body)] {
                    #expect(response.status == 200)
                    #expect(response.headers[.contentType] == "application/json")
                    #expect(response.json["type"] == "AggregationCollection")
                    #expect(response.json["aggregations"] == expected)
                    #expect(response.json.link("self")?["href"]?.string?.contains(path) == true)
                    #expect((response.json.link("collection") == nil) == scope.isEmpty)
                }
            }
        }
    }

    @Test(
        "rejects invalid aggregations, with the reason",
        arguments: [
            ("aggregations=x", "'aggregations' names 'x'"),
            ("aggregations=x", "platform_frequency"),
            ("aggregations=datetime_frequency&datetime_frequency_interval=1d", "must be one of year, quarter, month"),
            ("aggregations=grid_geohash_frequency&grid_geohash_frequency_precision=13", "from 1 to 12, not '13'"),
            ("aggregations=total_count&grid_geohash_frequency_precision=13", "from 1 to 12, not '13'"),
            ("aggregations=grid_geotile_frequency&grid_geotile_frequency_precision=-1", "from 0 to 29"),
            ("aggregations=eo:cloud_cover_frequency&eo:cloud_cover_frequency_interval=0", "above 0, not '0'"),
            ("aggregations=eo:cloud_cover_frequency&eo:cloud_cover_frequency_interval=nan", "above 0, not 'nan'"),
            (
                "aggregations=datetime_frequency&datetime_frequency_interval=second",
                "'datetime_frequency_interval' would make more than 10000 buckets"
            ),
            ("aggregations=total_count&bbox=1,2,3", "'bbox'"),
            ("aggregations=total_count&filter=a%20%3C", "'filter'"),
            ("aggregations=total_count&bbox=1,2,3,4&intersects=%7B%7D", "'intersects' cannot be combined"),
        ])
    func faults(query: String, detail: String) async throws {
        try await TestAPI.run { api in
            try await api.fill(3)
            for scope in ["", "/collections/c"] {
                let response = try await api.get(scope + "/aggregate?" + query)
                #expect(response.status == 400)
                #expect(response.json["detail"]?.string?.contains(detail) == true, "\(response.json)")
            }
            #expect(try await api.get("/collections/x/aggregate?aggregations=total_count").status == 404)
            #expect(try await api.get("/collections/x/aggregations").status == 404)
            #expect(try await api.send(.post, "/aggregate", ["aggregations": [1]]).status == 400)
            #expect(try await api.send(.post, "/aggregate", []).status == 400)
        }
    }

    @Test("lists the available aggregations, all of which work")
    func list() async throws {
        try await TestAPI.run { api in
            try await api.fill(4)
            for scope in ["", "/collections/c"] {
                let list = try #require(try await api.get(scope + "/aggregations").json["aggregations"]?.array)
                let names = list.compactMap { $0["name"]?.string }
                #expect(
                    Set(names).isSuperset(of: [
                        "total_count", "datetime_frequency", "cloud_cover_frequency", "eo:cloud_cover_frequency",
                    ]))
                #expect(!names.contains("grid_code_frequency"))
                #expect(list.contains(["name": "total_count", "data_type": "integer"]))
                #expect(
                    list.contains([
                        "name": "platform_frequency", "data_type": "frequency_distribution",
                        "frequency_distribution_data_type": "string",
                    ]))
                let response = try await api.get(scope + "/aggregate?aggregations=" + names.joined(separator: ","))
                #expect(response.json["aggregations"]?.array?.map { $0["name"]?.string } == names)
            }
            // Aggregations with names of their own are available for all Collections together.
            let grid = try await api.get("/aggregate?aggregations=grid_code_frequency").json["aggregations"]?[0]
            #expect(grid?["buckets"] == [] && grid?["overflow"] == 4)
            #expect(try await api.get("/collections/c/aggregate?aggregations=grid_code_frequency").status == 400)
        }
    }

    @Test(
        "chooses round intervals",
        arguments: [
            (0.0, 100.0, false, 5.0), (0, 1, false, 0.05), (1, 143, true, 10), (0, 3, true, 1), (7, 7, true, 1),
            (-1e300, 1e300, false, 1e299), (0.001, 0.0011, false, 0.000005),
        ])
    func intervals(minimum: Double, maximum: Double, isWhole: Bool, expected: Double) {
        let interval = AvailableAggregation.interval(minimum, maximum, isWhole: isWhole)
        #expect(abs(interval / expected - 1) < 1e-9)
    }
}
