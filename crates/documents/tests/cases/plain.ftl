# 头发
### fanjian:off
off = 头发
### fanjian:on
-brand = 头发
    .case = 头发
hair = 头发很干，<b>头</b>发
    .title = 用鼠标 { -brand } 打开
cats = { $count ->
    [one] 一只猫
   *[other] { $count } 只猫，{ NUMBER($n, unit: "头发") } 只
 } 在
long =
    头发很干，
    鼠标{ "头发" }{ hair.title }只想

    头
