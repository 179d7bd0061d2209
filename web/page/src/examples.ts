/** What is converted at first sight: characters that become several others, by their words. */

export const EXAMPLES = {
  simplified: `头发干了再出门，发财也不必着急。
干部在后台，皇后在后面；台风过后，台历还在台上。
面条只有一斤，里程却有千里，心里有数就好。
老板说：“软件的默认设置都在这个文件夹里。”
他到台州教书，一只猫卷着尾巴，划着小船来接他。
`,
  traditional: `頭髮乾了再出門，發財也不必著急。
著名的乾隆皇帝，著書立說，看著窗外。
幹部在後臺，皇后在後面；颱風過後，檯曆還在臺上。
麵條只有一斤，里程卻有千里，心裡有數就好。
老闆說：「軟體的預設設定都在這個資料夾裡。」
`,
} as const;
