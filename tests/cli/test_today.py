def test_smoke(cli, process, terminal, home):
    r = cli("today")
    assert r.code == 0 and "Nothing adopted" in r.err, r
    r = process("today")
    assert r.code == 0 and "Nothing adopted" in r.err, r
    t = terminal("today")
    t.expect("Nothing adopted")
    assert t.end() == 0
    assert home.exists()
