# 头发
### fanjian:off
off = 头发
### fanjian:on
-brand = 頭髮
    .case = 頭髮
hair = 頭髮很乾，<b>頭</b>髮
    .title = 用滑鼠 { -brand } 開啟
cats = { $count ->
    [one] 一隻貓
   *[other] { $count } 只貓，{ NUMBER($n, unit: "头发") } 只
 } 在
long =
    頭髮很乾，
    滑鼠{ "頭髮" }{ hair.title }只想

    頭
